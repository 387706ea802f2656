// Loaded into processes of Prisma's command line. Its engine starts a timer of 10 s when it asks for its lock, and leaves it running after it
// has the lock, so that the process would end only then. Here that timer does not keep the process alive. While the engine waits for the
// lock, its session does, and the timer still ends the wait.
const LOCK_TIMEOUT_MS = 10_000;

const { setTimeout } = globalThis;
globalThis.setTimeout = (callback, ms, ...rest) => {
  const timer = setTimeout(callback, ms, ...rest);
  return ms === LOCK_TIMEOUT_MS ? timer.unref() : timer;
};
