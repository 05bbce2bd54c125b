"""The page of `staza demo`: judgments read, evaluated without their holdings, compared, drawn and written."""
