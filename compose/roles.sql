-- Run once by a new PostgreSQL: whose the ledger is (docs/postgresql.md). The service can add to it and not change it.
\set of_the_owner `cat "$ROLES_OWNER_PASSWORD_FILE"`
\set of_the_service `cat "$ROLES_SERVICE_PASSWORD_FILE"`
CREATE ROLE cabletrace_owner NOLOGIN;
CREATE ROLE dba LOGIN IN ROLE cabletrace_owner PASSWORD :'of_the_owner';
CREATE ROLE cabletrace LOGIN PASSWORD :'of_the_service';
REVOKE ALL ON DATABASE cabletrace FROM PUBLIC;
GRANT CONNECT ON DATABASE cabletrace TO dba, cabletrace;
GRANT CREATE ON DATABASE cabletrace TO cabletrace_owner;
