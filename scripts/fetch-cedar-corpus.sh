#!/bin/sh
# Nothing in; the tests that the Cedar project made with its own implementation, at one commit, in the user's cache; the folder on stdout out.
# Another status than 0 when they are not there and cannot be fetched within a few seconds. `--cached` fetches nothing.
set -eu
commit=f161e9f858a05134aeb74d5e13c91d85bc8c320d
source=https://github.com/cedar-policy/cedar-integration-tests.git
case ${XDG_CACHE_HOME-} in
/*) cache=$XDG_CACHE_HOME/leash ;;
*) cache=$HOME/.cache/leash ;;
esac
folder=$cache/cedar-integration-tests-$commit

if [ ! -d "$folder" ]; then
  [ "${1-}" != --cached ] || exit 1
  mkdir -p "$cache"
  scratch=$(mktemp -d "$cache/cedar-corpus.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  git init --quiet "$scratch/git"
  GIT_TERMINAL_PROMPT=0 timeout "${LEASH_FETCH_SECONDS:-8}" git -C "$scratch/git" fetch --quiet --depth 1 "$source" "$commit"
  mkdir "$scratch/files"
  git -C "$scratch/git" archive FETCH_HEAD corpus-tests.tar.gz | tar -x -C "$scratch/files"
  tar -x -z -f "$scratch/files/corpus-tests.tar.gz" -C "$scratch/files"
  rm "$scratch/files/corpus-tests.tar.gz"
  # Complete or not there at all; another process may have been quicker.
  mv -T "$scratch/files" "$folder" 2>/dev/null || [ -d "$folder" ]
fi
printf '%s\n' "$folder"
