#!/usr/bin/env bash
# The short benchmark set of docs/benchmarks.md: prints its rows as Markdown,
# each with the command that gives it. Takes about six minutes on two cores.
# What needs data that is not there is skipped and says so.
#
#   cmd/setup/bench.sh [rounds|arc|ingest|import|match|hotspots|micro]…   default: all
#
# SERENAZGO_BIN names the program (default bin/serenazgo), BENCH_DATA the folder
# of public data (default ../shared/data).
set -euo pipefail
cd "$(dirname "$0")/../.."
srz=${SERENAZGO_BIN:-bin/serenazgo}
data=${BENCH_DATA:-../shared/data}
seconds=${BENCH_SECONDS:-20}
unset SERENAZGO_HOME SERENAZGO_DATABASE # flags of the program, if the caller has them set
want=${*:-import rounds arc ingest match hotspots micro}
[ -x "$srz" ] || { echo "bench: no program $srz; run make build" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

osm=$data/streets/el-porvenir.osm.pbf
boundary=$data/boundaries/el-porvenir-130102-osm.geojson
province=$data/streets/trujillo.osm.pbf
provinces=$data/boundaries/trujillo-province-districts-osm.geojson
police=$data/simulated/el-porvenir-police-simulated.geojson
incidents=$data/simulated/el-porvenir-incidents-simulated.csv

say() { printf 'bench: %s\n' "$*" >&2; }
row() { printf '| %s | %s | %s | `%s` |\n' "$1" "$2" "$3" "$4"; }
skip() { printf '| %s | skipped: %s | | |\n' "$1" "$2"; say "skipped $1: $2"; }
# have NAME FILE…: the files are there, or a row says that NAME is skipped.
have() {
  local what=$1 f
  shift
  for f in "$@"; do [ -r "$f" ] || { skip "$what" "no $f"; return 1; }; done
}
# key NAME: the number of that name in the JSON of the last run.
key() { sed -nE "s/^[[:space:]]*\"$1\": *([-0-9.e+]+),?$/\1/p" "$scratch/out" | head -1; }
calc() { awk "BEGIN { printf \"$1\", $2 }"; }
# run COMMAND…: runs the program; its JSON is read by key, its peak memory in MB is $peak.
run() {
  say "$*"
  "$srz" "$@" >"$scratch/out" 2>"$scratch/err" &
  local pid=$! status=0
  peak='?'
  while kill -0 $pid 2>/dev/null; do
    local kb
    kb=$(sed -nE 's/^VmHWM:[[:space:]]*([0-9]+) kB/\1/p' "/proc/$pid/status" 2>/dev/null) || true
    [ -z "$kb" ] || peak=$((kb / 1024))
    sleep 0.02
  done
  wait $pid || status=$?
  if [ $status -ne 0 ]; then say "failed ($status): $(tail -1 "$scratch/err")"; fi
  return $status
}
# short COMMAND…: the command as the row shows it.
short() { printf 'serenazgo %s' "$*" | sed "s#$data/##g; s#$scratch/##g"; }

bench_import() {
  if have 'import, El Porvenir' "$osm" "$boundary"; then
    "$srz" migrate --data "$scratch/store" >/dev/null 2>&1 # the cluster is not part of it
    local cmd=(import streets "$osm" --boundary "$boundary" --data "$scratch/store" --json)
    run "${cmd[@]}" && row 'import of El Porvenir into the store' "$(calc %.2f "$(key seconds)") s, $peak MB; $(key junctions) junctions" \
      'goal 3 s' "$(short "${cmd[@]}")"
  fi
  if have 'import, Trujillo' "$province" "$provinces"; then
    local cmd=(import streets "$province" --boundary "$provinces" --ubigeo 130100 --dry-run --json)
    run "${cmd[@]}" && row 'import of the province of Trujillo (read and built)' "$(calc %.2f "$(key seconds)") s, $peak MB; $(key junctions) junctions" \
      'goal 10 s, 500 MB' "$(short "${cmd[@]}")"
  fi
}

# rounds NAME CARS MOTORCYCLES FLAGS…
rounds() {
  local name=$1 cars=$2 motos=$3
  shift 3
  have "$name" "$osm" "$boundary" || return 0
  local cmd=(bench rounds --osm "$osm" --boundary "$boundary" --cars "$cars" --motorcycles "$motos" "$@" --seconds "$seconds" --seed 1 --json)
  run "${cmd[@]}" || return 0
  row "$name: coverage" "$(key coverage_pct) %" "bound $(key coverage_bound_pct) %: $(calc %.1f "100*$(key coverage_pct)/$(key coverage_bound_pct)") % of it" "$(short "${cmd[@]}")"
  # Where the units cannot reach everything, floor and bound, which are for
  # everything, say nothing.
  if [ "$(key coverage_bound_pct)" = 100 ]; then
    local ceiling
    ceiling=$(calc %.2f "($cars*18+$motos*22)/($cars+$motos)/(1+$(key tjoin_floor_km)/$(key street_km))")
    row "… repeats above the floor" "$(key deadhead_above_floor_pct) % of $(key street_km) km" "0 = T-join floor, $(key tjoin_floor_km) km; goal 3" '″'
    row "… new street-km per driving hour" "$(key new_km_per_driving_hour)" "ceiling $ceiling = speed ÷ (1 + floor ÷ street): $(calc %.1f "100*$(key new_km_per_driving_hour)/$ceiling") % of it" '″'
    row "… longest route against its lower bound" "$(key longest_route_s) s, gap $(key gap_pct) %" "bound $(key lower_bound_s) s; goal 4 %" '″'
  fi
  row "… spread of the routes" "$(key spread_pct) %" 'goal 2 %' '″'
  if [ "$(key hot_cells)" != 0 ]; then
    row "… gap at hot cells, p95 and worst" "$(key hot_gap_p95_min) and $(key hot_gap_worst_min) min" 'goal 90 and 120' '″'
    row "… time doubled with the police; blind to them" "$(key police_overlap_pct) %; $(key police_overlap_blind_pct) %" 'goal 3 %' '″'
  fi
  row "… time to plan" "$(key solve_s) s" "asked for $seconds s" '″'
}

bench_rounds() {
  rounds '10 cars' 10 0
  have '10 cars, police, incidents' "$police" "$incidents" &&
    rounds '10 cars, police, incidents' 10 0 --police "$police" --incidents "$incidents"
  rounds '10 cars, 4 motorcycles' 10 4
  rounds '3 cars' 3 0
}

# arc NAME GLOB REFERENCE GOAL FLAGS…
arc() {
  local name=$1 glob=$2 best=$data/arc/$3 goal=$4
  shift 4
  have "$name" "$best" || return 0
  local cmd=(bench arc --files "$data/arc/$glob" --best "$best" "$@" --seed 1 --json)
  run "${cmd[@]}" || return 0
  local all feasible
  all=$(grep -c '"feasible"' "$scratch/out") feasible=$(grep -c '"feasible": true' "$scratch/out")
  row "$name: mean gap, largest" "$(calc '%.3f %%, %.2f %%' "$(key mean_gap_pct), $(key max_gap_pct)")" "$goal" "$(short "${cmd[@]}")"
  row "… not above the reference; feasible" "$(key at_best) of $all; $feasible" '' '″'
}

# The full sets take an hour; these are short ones. Seconds are processor time.
bench_arc() {
  arc 'gdb, 23 instances' 'gdb/*' best_known.csv 'best known costs; goal 23 at 1 s' --seconds 1
  arc 'val, 34 instances' 'val/*' best_known.csv 'best known costs; goal 0.05 % at 10 s' --seconds 2
  arc 'mval, 34 instances' 'mval/*' best_known.csv 'best known costs; goal 0.2 % at 10 s' --problem mcarp --seconds 2
  arc '3,797 streets' 'large/S1_g-1*' best_known.csv 'best known cost; goal 4 % at 60 s' --seconds 20
  arc 'longest of 3, 72 instances' 'mm-kwrpp/P*' mm_reference.csv 'longest found by another solver in 5 s' --problem mm-kwrpp --k 3 --seconds 0.5
}

# ingest NAME FLAGS…
ingest() {
  local name=$1
  shift
  local cmd=(bench ingest "$@" --json)
  run "${cmd[@]}" || true # its figures are printed also where something was lost
  [ -n "$(key sent)" ] || { skip "$name" "$(tail -1 "$scratch/err")"; return 0; }
  row "$name: lost, stored twice, resent" "$(key lost), $(key duplicates), $(key resent) of $(key sent)" '0, 0, any' "$(short "${cmd[@]}")"
  # At a fixed interval the rate says what was asked for, not what it can do.
  case " $* " in
    *" --interval "*) ;;
    *) row "… rate until acknowledged" "$(calc %.0f "$(key rate_per_s)")/s" \
      "$(calc %.0f "100*$(key ratio_to_broker)") % of the broker alone ($(calc %.0f "$(key broker_only_per_s)")/s), $(calc %.0f "100*$(key ratio_to_copy)") % of COPY ($(calc %.0f "$(key copy_rows_per_s)")/s)" '″' ;;
  esac
  row "… acknowledgement p50, p99" "$(calc %.1f "$(key ack_p50_ms)"), $(calc %.1f "$(key ack_p99_ms)") ms" '' '″'
  row "… fix to browser p99" "$(calc %.1f "$(key fix_to_sse_p99_ms)") ms" 'goal 250 ms at 50 fixes/s' '″'
}

bench_ingest() {
  ingest '200 devices as fast as acknowledged' --devices 200 --messages 20000
  ingest 'the same, killed half-way' --devices 200 --messages 20000 --kill-writer
  ingest '50 fixes a second' --devices 50 --messages 1000 --interval 1000
}

bench_match() {
  local points=$data/gps/hof-train-points.csv truth=$data/gps/hof-train-truth.csv
  have 'map matching, Hof' "$points" "$truth" || return 0
  local cmd=(bench match --points "$points" --truth "$truth" --network-from-truth --json)
  run "${cmd[@]}" || return 0
  row 'map matching, Hof: precision, recall, mismatch by length' \
    "$(calc '%.2f %%, %.2f %%, %.2f %%' "100*$(key length_precision), 100*$(key length_recall), 100*$(key route_mismatch)")" \
    'published 99.65 % on these tracks; the network is made of the truth, which flatters' "$(short "${cmd[@]}")"
  row '… speed on one core' "$(calc %.0f "$(key fixes_per_s)") fixes/s" 'goal 100,000 off line' '″'
  local feed=$data/gtfs/trujillo.gtfs.zip v
  have 'map matching, Trujillo' "$feed" "$province" || return 0
  for v in '5 5 99.5' '10 5 99.5' '10 15 98' '20 30 0'; do # 0: no goal
    set -- $v
    cmd=(bench match --synthetic "$feed" --osm "$province" --noise "$1" --interval "$2" --json)
    run "${cmd[@]}" || continue
    row "drives along bus ways of Trujillo, $1 m, $2 s: precision, recall" "$(calc '%.2f %%, %.2f %%' "100*$(key length_precision), 100*$(key length_recall)")" \
      "goal $3 %" "$(short "${cmd[@]}")"
  done
}

# tested PATTERN PACKAGE: runs a Go test or benchmark with the data in place.
tested() { SERENAZGO_DATA=$(cd "$data" 2>/dev/null && pwd || echo "$data") go test "$@" 2>&1; }

# forecast NAME REFERENCE FILE FLAGS…: the default model before each shift, and counting a year beside it.
forecast() {
  local name=$1 reference=$2 file=$data/incidents/$3
  shift 3
  local cmd=(hotspots eval --incidents "$file" "$@") counting
  run "${cmd[@]}" --models count365 --json || return 0
  counting=$(key gain)
  run "${cmd[@]}" --models mix_shift --json || return 0
  row "$name: hit rates in the first 1, 5, 10, 20 %; gain" \
    "$(calc '%.4f, %.4f, %.4f, %.4f; %.3f nats' "$(key hr1), $(key hr5), $(key hr10), $(key hr20), $(key gain)")" \
    "reference gain $reference; counting a year $(calc %.3f "$counting")" "$(short "${cmd[@]}") --models mix_shift,count365"
}

bench_hotspots() {
  local chicago=chicago_aggravated_assaults_2010_2018.csv.gz vancouver=vancouver_2020_all.csv.gz
  local districts=$data/incidents/chicago_police_districts.kml city=$data/incidents/vancouver_boundary.kml
  local year=(--boundary "$districts" --polygon 11 --fit 2017-01-01..2018-01-01 --test 2018-01-01..2018-12-31)
  if have 'forecast, Chicago district 11' "$data/incidents/$chicago" "$districts"; then
    forecast 'forecast, Chicago district 11, res 10' .548 "$chicago" "${year[@]}" --res 10
    forecast 'forecast, Chicago district 11, res 9' .276 "$chicago" "${year[@]}" --res 9
  fi
  if have 'forecast, Vancouver' "$data/incidents/$vancouver" "$city"; then
    forecast 'forecast, Vancouver, res 9' .946 "$vancouver" --boundary "$city" --res 9 --fit 2020-05-01..2020-09-01 --test 2020-09-01..2020-12-30
  fi
}

bench_micro() {
  # package, benchmark, what one operation is
  while IFS='|' read -r pkg name what; do
    say "go test $pkg -bench $name"
    if ! tested "$pkg" -run '^$' -bench "^$name\$" -benchtime 300ms >"$scratch/micro"; then
      skip "$what" "$(grep -m1 -E 'FAIL|error' "$scratch/micro" || echo failed)"
      continue
    fi
    grep -q "^Benchmark" "$scratch/micro" || { skip "$what" "$(grep -m1 -E 'SKIP|skip' "$scratch/micro" || echo 'no data')"; continue; }
    awk -v what="$what" -v pkg="$pkg" -v name="$name" '
      /^Benchmark.*ns\/op/ {
        sub(/^Benchmark/, "", $1); sub(/-[0-9]+$/, "", $1)
        for (i = 3; i <= NF; i++) if ($i == "ns/op") ns = $(i-1)
        unit = "ns"; v = ns
        if (v >= 1e9) { v /= 1e9; unit = "s" } else if (v >= 1e6) { v /= 1e6; unit = "ms" } else if (v >= 1e3) { v /= 1e3; unit = "µs" }
        part = $1; sub(/^[^\/]*\/?/, "", part)
        extra = ""
        for (i = 3; i < NF; i += 2) if ($(i+1) !~ /^(ns|B|allocs)\/op$/) extra = extra ", " $i " " $(i+1)
        printf "| %s%s | %.3g %s%s | | `go test %s -run ^$ -bench ^%s$` |\n", what, part == "" ? "" : " (" part ")", v, unit, extra, pkg, name
      }' "$scratch/micro"
  done <<'LIST'
./routing|BenchmarkSnap|nearest streets of a place
./routing|BenchmarkSearchAcrossTown|shortest paths across El Porvenir
./routing|BenchmarkApply|corrections applied to a district
./routing/arc|BenchmarkMinTJoinElPorvenir|exact T-join floor of El Porvenir
./routing/match|BenchmarkMatch|map matching
./fleet/coverage|BenchmarkLive|live coverage
./fleet/watch|BenchmarkSecond|one second of 200 units
./hotspots|BenchmarkForecast|forecast of a shift
./api/tiles|BenchmarkTile|vector tile
./store|BenchmarkStoreFixes|4,000 positions committed
LIST
}

printf '\n%s, %s cores of %s, load %s, serenazgo %s\n\n' "$(date +%F)" "$(getconf _NPROCESSORS_ONLN)" \
  "$(sed -nE 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -1 || uname -m)" \
  "$(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo '?')" "$("$srz" --version)"
printf '| what | figure | limit or reference | command |\n|---|---|---|---|\n'
begun=$SECONDS
for part in $want; do
  case $part in
    import | rounds | arc | ingest | match | hotspots | micro) "bench_$part" ;;
    *) say "unknown part $part: import, rounds, arc, ingest, match, hotspots, micro"; exit 2 ;;
  esac
done
say "took $((SECONDS - begun)) s"
