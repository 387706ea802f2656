// Loaded into every process of Prisma's: a connection to any other machine fails and is written down, so that a test sees a download.
const { appendFileSync } = require('node:fs');
const net = require('node:net');

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  const host = typeof first === 'object' && first !== null ? first.host : args[1];
  if (host && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    appendFileSync(process.env.FOREIGN_HOSTS, `${host}\n`);
    throw new Error(`the test lets nothing connect to ${host}`);
  }
  return connect.apply(this, args);
};
