#!/bin/sh
# Bring the real Neo4j and Fuseki that the tests run against, from Maven Central, into a folder.
# Without Java or Maven, and no way to install them, say what will not be run; in CI that is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
into=$(cd "$1" && pwd)

have() { command -v "$1" >/dev/null 2>&1; }

ready() {
  have mvn && have java &&
    [ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')" -ge 17 ]
}

if ! ready; then
  if have apt-get && [ "$(id -u)" = 0 ]; then
    echo "installing Java and Maven for the tests against real servers"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends default-jre-headless maven; } >"$into/apt.log" 2>&1 || cat "$into/apt.log"
  fi
fi
if ! ready; then
  echo "" >&2
  echo "NOT RUN: the tests against a real Neo4j and a real Fuseki need Java 17 or later and Maven." >&2
  echo "Install them (Debian: apt-get install default-jre-headless maven) and run 'make test' again." >&2
  echo "" >&2
  [ "${CI:-}" != true ]
  exit
fi
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$into/neo4j"
mvn -q -B dependency:copy -Dartifact=org.apache.jena:jena-fuseki-server:5.5.0 -DoutputDirectory="$into/fuseki"
touch "$into/ready"
