// How often something may be done: at once when it rested long enough, else once
// when it has.

/** Timing is what a pace runs by: a clock that nobody sets back, and timers. */
export interface Timing {
  now: () => number; // ms
  after: (ms: number, f: () => void) => unknown;
  cancel: (timer: unknown) => void;
}

const ofPage: Timing = {
  now: () => performance.now(), // the clock of the day may be set back, and all would wait for it
  after: (ms, f) => setTimeout(f, ms),
  cancel: (timer) => clearTimeout(timer as number),
};

/** Pace does f at most once in every so many ms. */
export class Pace {
  private last = Number.NEGATIVE_INFINITY;
  private timer: unknown;

  constructor(
    private every: number,
    private f: () => void,
    private timing = ofPage,
  ) {}

  /** ask does it now, or once the time has come; asking again meanwhile adds nothing. */
  ask(): void {
    const wait = this.last + this.every - this.timing.now();
    if (wait <= 0) this.force();
    else this.timer ??= this.timing.after(wait, () => this.force());
  }

  /** force does it now. */
  force(): void {
    if (this.timer !== undefined) this.timing.cancel(this.timer);
    this.timer = undefined;
    this.last = this.timing.now();
    this.f();
  }
}
