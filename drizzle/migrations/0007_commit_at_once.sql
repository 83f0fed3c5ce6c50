-- A statement that claims and writes at once ends here where someone lost what it took for granted: nothing is written.
CREATE FUNCTION countersign_require_all_won(all_won boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF all_won IS NOT TRUE THEN
    RAISE EXCEPTION 'a challenge or a counter had been used before' USING ERRCODE = 'CS001';
  END IF;
END;
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION countersign_require_all_won(boolean) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION countersign_require_all_won(boolean) TO countersign_service;
