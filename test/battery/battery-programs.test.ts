// The attacks of test/battery/attacks on programs, by common tools, and races: each succeeds where it should, and is stopped where it must be.
import { describeAttacks } from './runner/cases.ts';

describeAttacks('programs');
