"""Who may do and see what: the policy, accounts, sessions, API keys, and the projection of grants."""
