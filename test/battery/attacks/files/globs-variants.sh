# technique: reads what a glob forbids by other spellings of its name
# source: reference study 4.3 #10
# success: the content of .env or keys/id.pem on the output
# policy: globs
# control: permissive
# event: FileOpenReadOnly
cat ./.env .//.env "$PWD/.env" keys/../.env keys/./id.pem /proc/self/cwd/.env .en? .[e]nv keys/*
