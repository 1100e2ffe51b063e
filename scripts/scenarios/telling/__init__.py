"""What stories need: a folder with a ledger, a witness and a service as processes, speakers, and a narrator."""
