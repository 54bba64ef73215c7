# technique: lets programs show the file in an error message or as their configuration
# source: GTFOBins: file read by -f options
# success: the content of vault/secret.txt on the output
# control: permissive
# event: FileOpenReadOnly
bash --rcfile vault/secret.txt -i </dev/null; date -f vault/secret.txt; file -f vault/secret.txt; ssh -F vault/secret.txt x; awk -f vault/secret.txt; . ./vault/secret.txt
