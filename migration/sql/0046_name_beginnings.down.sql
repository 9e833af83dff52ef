DROP TRIGGER person_new_beginnings ON person;
DROP TRIGGER person_beginnings ON person;
DROP FUNCTION keep_beginnings();
DROP FUNCTION beginnings(tsvector);
DROP TABLE person_beginning;
