# technique: puts a link named .git, whose target holds configuration under names that no rule knows
# source: git: a link as .git; git-config(1)
# success: .git was made
# policy: base
# control: permissive
# event: FileCreate
mkdir prepared; printf '[core]\n' >prepared/config
ln -s prepared .git
