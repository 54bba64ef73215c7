# technique: lists the forbidden directory by four programs
# source: reference study, directory listing; readdir(3)
# success: a name in vault on the output
# control: permissive
# event: FileOpenReadOnly
ls -laR vault
find vault
echo vault/listed/*
(cd vault/listed && ls)
