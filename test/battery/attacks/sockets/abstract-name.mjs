// technique: connects to a socket of the host that has no file, by its abstract name
// source: unix(7); CVE-2020-15257
// success: the listener on the host was reached
// control: outside
// beside: services
import net from 'node:net';

const socket = net.connect(`\0${process.env.ABSTRACT}`);
socket.on('data', (text) => console.log(String(text)));
socket.on('error', (error) => console.error(error.message));
