DROP TRIGGER change_told ON change;
DROP FUNCTION tell_of_changes;
