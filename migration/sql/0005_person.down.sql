DROP TABLE partnership;
DROP TABLE affiliation;
DROP TABLE person_contact;
DROP TABLE person;
