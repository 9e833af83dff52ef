DROP TABLE seat_assignment;
DROP TABLE team_member;
DROP TABLE team;
