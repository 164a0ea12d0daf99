// Loaded into a node of a test by NODE_OPTIONS: the machine's clock is two minutes ahead, as far as the process can see.

const ahead = 120_000
const RealDate = Date
const realNow = RealDate.now

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(realNow() + ahead)
    else super(...parts)
  }

  static now() {
    return realNow() + ahead
  }
}
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + ahead })
