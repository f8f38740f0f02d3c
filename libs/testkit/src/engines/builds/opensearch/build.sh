#!/bin/sh
# Makes TARGET with OpenSearch's jars, held to the hashes of jars.sha256, and a program that runs a node of them.
# Takes Maven and a Java >= 21: that of JAVA_HOME or of the PATH, or one of those in /usr/lib/jvm.
set -eu
target=$1
cd "$(dirname "$0")"

is_new_enough() {
  [ -x "$1/bin/javac" ] || return 1
  major=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${major:-0}" -ge 21 ]
}
of_path=$(readlink -f "$(command -v java || echo /)" | sed 's|/bin/java$||')
java=''
for home in "${JAVA_HOME:-/none}" "$of_path" /usr/lib/jvm/*; do
  if is_new_enough "$home"; then
    java=$home
    break
  fi
done
[ -n "$java" ] || { echo 'no Java >= 21 is on this machine: install one, or name it in JAVA_HOME' >&2; exit 1; }

mvn --quiet --batch-mode --file pom.xml \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies "-DoutputDirectory=$target/jars"
(cd "$target/jars" && sha256sum --quiet --strict --check) <jars.sha256
"$java/bin/javac" -proc:none -cp "$target/jars/*" -d "$target/classes" SearchNode.java
ln -s "$java" "$target/java"
