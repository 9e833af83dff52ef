DROP TABLE county;
DROP TABLE region;
