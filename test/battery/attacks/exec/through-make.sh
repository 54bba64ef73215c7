# technique: starts the forbidden program by make, by a recipe, a variable and another shell
# source: make(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: make
# event: ProcessExec
printf 'all:\n\t./forbidden\n' >Makefile; make --silent; printf 'X := $(shell vault/tool)\nall: ; @echo $(X)\n' >a.mk; make -sf a.mk; printf 'SHELL = ./forbidden\nall: ; @x y\n' >b.mk; make -sf b.mk
