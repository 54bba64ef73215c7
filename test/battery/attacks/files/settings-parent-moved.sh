# technique: prepares the forbidden path below a directory of another name, then renames an upper part of it into
# place
# source: laundering by rename; rename(2)
# success: .git/hooks was made
# policy: settings
# control: permissive
mkdir -p prepared/hooks && echo x >prepared/hooks/post-checkout
mv prepared .git
