# technique: gives a copy of the forbidden script another name, then runs it
# source: Ona Veto blog, steps 2 and 3
# success: the forbidden program ran
# policy: vault
# control: permissive
# event: FileRename
cp forbidden.sh innocent.sh; mv forbidden.sh other.sh; ln forbidden.sh third.sh; for script in innocent other third; do sh $script.sh; ./$script.sh; done
