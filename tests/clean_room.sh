#!/bin/sh
# Install each wheel and sdist that is named, or build them, into an empty environment in an empty folder,
# and run the main job from there: nothing of the checkout may be needed.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}
case $python in */*) python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python") ;; esac
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
if [ $# -eq 0 ]; then
  "$python" "$root/release/packages.py" "$room/dist"
  set -- "$room"/dist/*.whl "$room"/dist/*.tar.gz
fi
# pip takes a constraint with a hash for the wish that all have one, what was just built too.
sed -e '/--hash/d' -e 's/ \\$//' "$root/locked-test.txt" >"$room/versions.txt"
for package in "$@"; do
  empty=$(mktemp -d "$room/empty.XXXX")
  cd "$empty"
  "$python" -m venv venv
  venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$root/locked.txt"
  venv/bin/python -m pip install -q --disable-pip-version-check --no-deps "$package"
  export DART_KG_CACHE="$empty/cache"
  venv/bin/kg --version
  venv/bin/python -c 'import importlib.util, kg.loaders.study; assert importlib.util.find_spec("loaders") is None' || { echo "the loaders are not in kg from $package"; exit 1; }
  for terms in LICENSE LICENSE-CC-BY-4.0 NOTICE cytoscape.LICENSE.txt source.LICENSE.txt; do
    find venv -path "*dart_kg*licenses*" -name "$terms" | grep -q . || { echo "no $terms in $package"; exit 1; }
  done
  venv/bin/kg ask "what supports transparency" | grep -q 'P18' || { echo "no answer from $package"; exit 1; }
  venv/bin/kg ask "什么支持透明度" | grep -q '保障' || { echo "no Chinese answer from $package"; exit 1; }
  venv/bin/kg trace P18 | grep -q 'abstract:2375-2406' || { echo "no trace from $package"; exit 1; }
  venv/bin/kg init mine >/dev/null
  venv/bin/kg ask "what opposes feedback" --study mine | grep -q 'Two of us left' || { echo "no study from $package"; exit 1; }
  venv/bin/kg graph picture.html --focus P18 >/dev/null
  grep -q 'Transparency is the guarantee' picture.html || { echo "no picture from $package"; exit 1; }
  venv/bin/kg site public --study mine >/dev/null
  [ -f public/zh/index.html ] && [ -f public/static/style.css ] || { echo "no pages from $package"; exit 1; }
  venv/bin/kg export refi-qda out --study mine >/dev/null
  venv/bin/kg import out/mine.qdpx --into back >/dev/null
  venv/bin/kg ask "what opposes feedback" --study back | grep -q 'Two of us left' || { echo "no way there and back from $package"; exit 1; }
  printf 'publishing: {publish: none}\n' >>mine/study.yaml
  venv/bin/kg site withheld --study mine >/dev/null
  venv/bin/kg export datacite cited --study mine >/dev/null
  [ -f withheld/index.html ] && grep -q '<identifier' cited/datacite.xml || { echo "nothing published from $package"; exit 1; }
  ! grep -rqi 'two of us left' withheld cited || { echo "a withheld text goes out from $package"; exit 1; }
  venv/bin/kg export jsonld linked --study mine >/dev/null || { echo "no JSON-LD from $package"; exit 1; }
  venv/bin/kg export parquet tables --study mine 2>&1 | grep -q "pip install '.\[export\]'" || { echo "no word on missing packages from $package"; exit 1; }
  venv/bin/kg query claims --engine cypher 2>&1 | grep -q "pip install '.\[cypher\]'" || { echo "no word on the missing engine from $package"; exit 1; }
  venv/bin/kg mcp 2>&1 </dev/null | grep -q "pip install '.\[mcp\]'" || { echo "no word on the missing server from $package"; exit 1; }
  venv/bin/python -m pip install -q --disable-pip-version-check -c "$room/versions.txt" "$package[cypher]"
  question="evidence-for-concept -p concept=transparency"
  # shellcheck disable=SC2086 # the question is several words
  [ "$(venv/bin/kg query $question)" = "$(venv/bin/kg query $question --engine cypher)" ] || { echo "another answer in Cypher from $package"; exit 1; }
  echo "$(basename "$package"): fine in an empty environment of $(venv/bin/python --version)"
  cd "$room" && rm -rf "$empty"
done
