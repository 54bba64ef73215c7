// The attacks of test/battery/attacks on processes, the kernel, sockets, the network and everything else: each succeeds where it should, and is stopped where it must be.
import { describeAttacks } from './runner/cases.ts';

describeAttacks('machine');
