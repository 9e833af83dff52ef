DROP TABLE resource_subject;
DROP TABLE resource;
DROP TABLE speaker;
DROP TABLE slot;
DROP TABLE session_relation;
DROP TABLE session;
DROP TABLE room;
