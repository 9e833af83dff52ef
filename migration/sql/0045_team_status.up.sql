-- Teams of a state, whatever they are of: who asks for a rare one, or for one that nobody has, is not to go through all teams.
CREATE INDEX team_status_idx ON team (status);
