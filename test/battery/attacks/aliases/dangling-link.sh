# technique: creates a file in the forbidden directory through a link that leads to where nothing is yet
# source: open(2), O_CREAT through a dangling link
# success: vault/planted was made
# control: permissive
# event: FileCreate
ln -s vault/planted way
echo x >way
