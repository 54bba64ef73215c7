// Given to Node before a server that knows neither port nor address of its own: it listens on a free port of 127.0.0.1, and says which.
import net from 'node:net';

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...given) {
  const listening = given.find((argument) => typeof argument === 'function');
  return listen.call(this, 0, '127.0.0.1', () => {
    console.log(`port ${this.address().port}`);
    listening?.();
  });
};
