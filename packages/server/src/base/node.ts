/** The lowest Node version that the published package supports; package.json and bin/omen.mjs name the same one. */
const lowest = [22, 18] as const

/** @throws Error if this version of Node is too old: in one line, with the way to a newer one */
export function checkNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > lowest[0] || (major === lowest[0] && minor >= lowest[1])) return
  throw new Error(
    `Omen needs Node ${lowest.join('.')} or newer, and this is ${version}: get one from https://nodejs.org`,
  )
}
