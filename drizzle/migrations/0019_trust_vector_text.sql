-- Every attestation writes its device's row anew: a short text costs it a tenth of what eight parsed members did.
ALTER TABLE "device_instances" ALTER COLUMN "vector" SET DATA TYPE text USING concat_ws(' ',
  coalesce("vector"->>'instance-identity', '0'), coalesce("vector"->>'configuration', '0'),
  coalesce("vector"->>'executables', '0'), coalesce("vector"->>'file-system', '0'),
  coalesce("vector"->>'hardware', '0'), coalesce("vector"->>'runtime-opaque', '0'),
  coalesce("vector"->>'storage-opaque', '0'), coalesce("vector"->>'sourced-data', '0'));
