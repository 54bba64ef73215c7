// Tools that people and agents use all day do the same inside a sandbox that permits everything as they do outside.
import { describe, expect, it } from 'vitest';
import { IDENTITIES, Place } from '../fixtures/leash.ts';
import { absence, unless } from '../fixtures/unless.ts';
import { runBoth, type Workload } from '../fixtures/workload.ts';

const GIT_ENV = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'C',
  GIT_COMMITTER_EMAIL: 'c@example.org',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};
/** The index holds times and inode numbers; the order of a pack's objects depends on threads. */
const GIT_UNSTABLE = /\.git\/.*(index|ORIG_HEAD\.lock|\.pack|\.idx|\.rev|info\/packs)$/;

const PROGRAM = `#include <stdio.h>
int add(int a, int b);
int main(void) { printf("%d\\n", add(2, 3)); return 0; }
`;

const workloads: readonly Workload[] = [
  {
    name: 'git: commits, branches, merges with a conflict, hooks, tags',
    programs: ['git'],
    env: GIT_ENV,
    unstable: GIT_UNSTABLE,
    files: { 'hook.sh': '#!/bin/sh\necho "hook $0 $#"; date >/dev/null; echo ran >>../hook-log\n' },
    script: `git init -q -b main repo; cd repo; git config gc.auto 0
      cp ../hook.sh .git/hooks/pre-commit; cp ../hook.sh .git/hooks/post-commit
      for i in $(seq 50); do mkdir -p d$i; echo $i >d$i/f; done; ln -s d1/f link; chmod +x d2/f
      git add -A; git commit -qm first; git tag -a v1 -m one
      git checkout -qb side; echo side >d1/f; git mv d3/f d3/g; git rm -q d4/f; git commit -qam side
      git checkout -q main; echo main >d1/f; git commit -qam main
      git merge side || true; git status --porcelain; cat d1/f; echo both >d1/f; git commit -qam merged
      git log --oneline --graph --stat; git fsck; git diff v1 --stat | tail -1; git blame d1/f; git grep -n both`,
  },
  {
    name: 'git: rebase, stash, bisect, worktree, cherry-pick, clean',
    programs: ['git'],
    env: GIT_ENV,
    unstable: GIT_UNSTABLE,
    script: `git init -q -b main repo; cd repo; git config gc.auto 0; git config advice.detachedHead false
      for i in $(seq 12); do echo $i >>f; git add f; git commit -qm $i; done
      git checkout -qb topic HEAD~4; for i in a b c; do echo $i >$i; git add $i; git commit -qm $i; done
      git rebase -q main; git log --oneline | head -5; echo dirty >>f; git stash -q; git status --porcelain; git stash pop -q
      git checkout -q f; git bisect start HEAD HEAD~10; git bisect run sh -c 'test $(wc -l <f) -lt 9'; git bisect reset 2>&1 | tail -1
      git worktree add -q ../tree main~2; ls ../tree; git worktree remove ../tree; git worktree list | wc -l
      git checkout -q main; git cherry-pick topic~1 | head -1; touch junk; git clean -fdq; git reset -q --hard HEAD~1; git reflog | wc -l`,
  },
  {
    name: 'git: gc, repack, clone of a path, fetch, push to a bare repository, archive, submodule',
    programs: ['git', 'tar'],
    env: GIT_ENV,
    unstable: GIT_UNSTABLE,
    script: `git init -q -b main repo; cd repo; for i in $(seq 200); do echo $i >f$i; done; git add .; git commit -qm many
      git gc -q; git count-objects; git verify-pack .git/objects/pack/*.idx; cd ..
      git clone -q repo copy; git clone -q --bare repo bare.git; git clone -q --no-hardlinks repo other
      cd copy; git remote add bare ../bare.git; echo more >more; git add more; git commit -qm more; git push -q bare main
      cd ../other; git pull -q ../bare.git main; git log --oneline; git archive HEAD | tar tf - | wc -l
      git -c protocol.file.allow=always submodule -q add ../repo sub; git commit -qm sub; git submodule status`,
  },
  {
    name: 'make -j4 of a C project, and again',
    programs: ['make', 'cc', 'ar'],
    files: {
      'main.c': PROGRAM,
      'add.c': 'int add(int a, int b) { return a + b; }\n',
      Makefile: `OBJ := $(patsubst %,m%.o,$(shell seq 12))
all: program
program: main.o libadd.a $(OBJ); $(CC) -o $@ main.o $(OBJ) -L. -ladd
libadd.a: add.o; $(AR) rcsD $@ $^
m%.c: ; echo 'int m$*(void) { return $*; }' >$@
%.o: %.c; $(CC) -O1 -c -o $@ $<
.PRECIOUS: m%.c
`,
    },
    script: `make -j4 >build-log; sort build-log >sorted; rm build-log; ./program; make; touch add.c; make; rm main.o; make -n; make -s -j4; ./program`,
  },
  {
    name: 'tar, gzip, cp -a, mv, install, split, patch, sed -i, cmp',
    programs: ['tar', 'gzip', 'patch', 'sed'],
    script: `mkdir -p src/a/b; for i in $(seq 40); do echo "line $i" >src/a/f$i; done; ln -s a/f1 src/link; ln src/a/f2 src/hard
      mkfifo src/fifo; chmod 600 src/a/f3; chmod 2>&1 1777 src/a/b; touch -d @1000 src/a/f4
      tar czf all.tgz --sort=name --mtime=@0 src; mkdir out; tar xzf all.tgz -C out --same-permissions; diff -r --no-dereference src/a out/src/a
      cp -a src copy; cp -r --reflink=auto src/a plain; mv copy moved; mv moved/a moved/c; mv -n moved/link moved/hard 2>&1 || true
      install -Dm 751 src/a/f1 x/y/z; split -l 1 -d src/a/f5 part; cat part*; sed -i s/line/LINE/ src/a/f*; cat src/a/f7
      printf -- '--- a/f8\\n+++ b/f8\\n@@ -1 +1 @@\\n-LINE 8\\n+PATCHED\\n' | patch -d src/a -p1; cat src/a/f8
      cmp src/a/f1 out/src/a/f1 || true; stat -c '%n %a %h %F' src/hard src/fifo src/a/f3 src/a/b
      rm -rf moved; rm -r out all.tgz; rmdir src/a 2>&1 || true; touch -d @1000 zeros; cp -p zeros copied; stat -c %Y copied; dd if=/dev/zero of=zeros bs=1k count=100 status=none; truncate -s 10 zeros; ls -A`,
  },
  {
    name: 'find, grep -r, xargs -P, sort, du, mktemp, tee, wc',
    programs: ['find', 'grep', 'xargs'],
    script: `for i in $(seq 300); do mkdir -p t/$((i % 20)); echo "word$i common" >t/$((i % 20))/$i; done; touch "t/with space" t/-n
      find t -type f | sort | tail -3; find t -name '1?' -newer t/1/1 -print | wc -l; find t -type d -empty -o -name '*space*' -delete
      grep -rl common t | wc -l; grep -r word299 t; grep -rc word t/1 | sort; find t -type f -print0 | xargs -0 -P4 -n20 wc -l | grep -c total
      find t -exec test -f {} \\; -print | wc -l; du -a --apparent-size -B1 t/1 | wc -l; f=$(mktemp); echo x | tee "$f" copy; test -O "$f"; rm "$f"; sort -R t/1/* -o sorted; sort -o sorted sorted`,
  },
  {
    name: 'ripgrep',
    programs: ['rg'],
    script: `for i in $(seq 200); do mkdir -p t/$((i % 20)); echo "word$i needle" >t/$((i % 20))/$i.txt; done; echo '*.log' >t/.ignore; echo needle >t/x.log
      rg -c needle t | sort | tail -2; rg --files t | wc -l; rg -l 'word1\\d\\d' t | wc -l; rg nothing t || echo "status $?"; rg -uuc needle t/x.log; rg --stats -q needle t | head -3`,
    masks: [[/\d+\.\d+ seconds/g, 'N seconds']],
  },
  {
    name: 'rsync, with deletions, links and times',
    programs: ['rsync'],
    script: `mkdir -p a/d; for i in $(seq 50); do echo $i >a/d/$i; done; ln -s d/1 a/l; touch -d @5000 a/d/1; rsync -a a/ b/; stat -c %Y b/d/1
      rm a/d/2; echo changed >a/d/3; touch -d @6000 a/d a/d/3; rsync -ai --delete --checksum a/ b/ | sort; rsync -a --link-dest="$PWD/b" a/ c/; stat -c %h c/d/5; rsync -rn --stats a/ d/ | head -3`,
  },
  {
    name: 'sqlite3: WAL, rollback journal, ten writers at once',
    programs: ['sqlite3'],
    unstable: /\.db(-wal|-shm)?$/,
    script: `sqlite3 w.db 'pragma journal_mode=wal; create table t(a integer primary key, b text);'; sqlite3 r.db 'create table t(a, b);'
      for i in 1 2 3 4 5 6 7 8 9 10; do (for j in 1 2 3 4 5; do
        sqlite3 -cmd '.timeout 60000' w.db "begin immediate; insert into t(b) values('$i $j'); commit;"
        sqlite3 -cmd '.timeout 60000' r.db "insert into t values($i, $j);"; done) & done; wait
      for f in w r; do sqlite3 $f.db 'select count(*), count(distinct b) from t; pragma integrity_check; vacuum;'; done
      sqlite3 w.db '.dump' | wc -l; sqlite3 w.db ".backup copy.db"; sqlite3 copy.db 'select sum(a) from t'; ls *.db`,
  },
  {
    name: 'busybox ash and applets',
    programs: ['busybox'],
    script: `busybox ash -c 'set -e; mkdir -p a/b; echo 1 >a/b/c; cp -r a x; mv x y; find . -name c | sort; sed -i s/1/2/ a/b/c; cat a/b/c; ln -s c a/b/l; readlink -f a/b/l | sed s,.*/,,
        tar cf t.tar a; mkdir z; tar xf t.tar -C z; diff -r a z/a; rm -r y; i=0; while [ $i -lt 50 ]; do echo $i >>n; i=$((i+1)); done; wc -l <n; sort -rn n | head -1
        trap "echo trapped" TERM; kill -TERM $$; (exit 3) || echo $?; echo a b c | xargs -n1 echo; mkfifo p; (echo through >p) & cat p; wait; rm t.tar'`,
  },
  {
    name: 'shell jobs, signals, traps, pipes, here documents, redirections',
    programs: ['bash'],
    script: `bash -c 'set -o pipefail; trap "echo usr1" USR1; kill -USR1 $$; sleep 5 & p=$!; kill $p; wait $p; echo $?; false | true; echo $?
        exec 5<>both; echo hi >&5; cat <both; exec 5>&-; cat <<<here; diff <(seq 3) <(seq 4); coproc cat; echo co >&"\${COPROC[1]}"; read -r x <&"\${COPROC[0]}"; echo $x
        ulimit -n 32; for i in {3..40}; do eval "exec $i<both" 2>/dev/null || { echo full; break; }; done'
      sh -c 'umask 027; >made; mkdir -m 700 dir; stat -c %a made dir'; timeout 0.2 sleep 9 || echo $?; nice -n 5 true; setsid true; (ulimit -f 1; dd if=/dev/zero of=big bs=4096 count=2 2>/dev/null) || echo limited`,
  },
  {
    name: 'strace is refused and says so',
    programs: ['strace'],
    script: `if strace -f true 2>said; then echo ran; else echo refused; fi`,
  },
];

describe.each(IDENTITIES)('as %s', (as) => {
  for (const workload of workloads) {
    it(workload.name, { timeout: 240_000, ...unless(absence(workload.programs)) }, async () => {
      const place = new Place(as);
      try {
        const { outside, inside } = await runBoth(place, workload);
        if (workload.programs?.includes('strace')) {
          expect([outside.status, outside.stdout]).toEqual([0, 'ran\n']);
          expect([inside.status, inside.stdout]).toEqual([0, 'refused\n']);
          return;
        }
        expect(inside).toEqual(outside);
        expect(outside.status).toBe(0);
      } finally {
        place.remove();
      }
    });
  }
});
