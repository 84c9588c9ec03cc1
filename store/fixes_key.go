package store

// The key of a fix is (fix_source(ubigeo, device), time, seq, device): a number
// whose upper 20 bits are the ubigeo, made from both texts by the database, and
// the device again, because two names may give the same number. Rows are found by
// it only where a query asks for the number as well as for the texts.

// ofDevice are the fixes of a device d(ubigeo, device).
const ofDevice = `fix_source(fixes.ubigeo, fixes.device) = fix_source(d.ubigeo, d.device) AND fixes.ubigeo = d.ubigeo AND fixes.device = d.device`

// ofDevice12 are the fixes of the device $2 of the district $1.
const ofDevice12 = `fix_source(ubigeo, device) = fix_source($1, $2) AND ubigeo = $1 AND device = $2`

// ofDistrict1 are the fixes of the district $1.
const ofDistrict1 = `fix_source(ubigeo, device) BETWEEN ('0' || $1)::bigint << 43 AND (('0' || $1)::bigint << 43) + 8796093022207 AND ubigeo = $1`
