import type { Actor } from './stage.ts'

/** The things that chapters leave for later ones. */
export interface Cast {
  dev: Actor
  /** The instance that wears `web`. */
  instance: string
  /** dev wearing `deployer`. */
  deployer: Actor
  /** The account that the organization made. */
  otherAccount: string
}

/** One chapter: its heading, two sentences before it, and what happens. */
export interface Chapter {
  readonly title: string
  readonly tale: string
  play(stage: import('./stage.ts').Stage, cast: Partial<Cast>): Promise<void>
}
