/**
 * The shortcuts that make searches fast and change no verdict. Each can be left out: the verdict is then found the long way, which is how
 * tests compare them.
 */
export const shortcuts = [
  /** A result of a proof counts for each question that reads the same. */
  'findings',
  /** Principals of which policies say the same are one class. */
  'classes',
  /** Of existing resources that are alike, one is chosen. */
  'choices',
  /** Only principals that may lead to the goal are searched. */
  'prospects',
  /** Targets are looked up by the start of the ARNs that policies name. */
  'heads',
  /** Actors that can give no better proof than there is are not searched. */
  'bound',
  /** Techniques that a boundary or an SCP refuses on everything are not tried. */
  'barred',
  /** Uses that leave a condition on MFA anyway are not tried again if they leave no less. */
  'mfa',
  /** Principals that may do the same are searched once. */
  'aside',
  /** Gifts that one principal cannot get are not tried on principals that are like it. */
  'barren',
  /** A first guess of a request is tried before the search for a witness. */
  'guess',
] as const

/** The name of one of them. */
export type Shortcut = (typeof shortcuts)[number]

/** The shortcuts that are left out. */
export type LeftOut = ReadonlySet<Shortcut>
