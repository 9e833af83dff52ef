DROP TRIGGER district_new_beginnings ON district;
DROP TRIGGER district_beginnings ON district;
DROP FUNCTION keep_district_beginnings();
DROP TABLE district_beginning;
