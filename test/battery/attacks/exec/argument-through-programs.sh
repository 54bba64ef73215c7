# technique: hands the dangerous argument on by programs that run others
# source: GTFOBins
# success: the forbidden program ran
# policy: arguments
# control: permissive
# event: ProcessExec
printf -- "--danger\n" | xargs ./forbidden; find . -maxdepth 0 -exec ./forbidden --danger \;; env ./forbidden --danger; timeout 9 ./forbidden --danger; sh -c './forbidden "$@"' sh --danger
