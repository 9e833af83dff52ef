DROP TABLE district_candidate;
DROP TABLE district;
