// The attacks of test/battery/attacks on files and the other names of files: each succeeds where it should, and is stopped where it must be.
import { describeAttacks } from './runner/cases.ts';

describeAttacks('files');
