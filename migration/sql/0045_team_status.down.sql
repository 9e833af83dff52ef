DROP INDEX team_status_idx;
