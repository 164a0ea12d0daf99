/** A value as an argument of a command for a POSIX shell: in quotes if a shell would read something into it. */
export function shellArgument(value: string): string {
  return /^[\w+/=:.,@%][\w+/=:.,@%-]*$/.test(value) ? value : quotedWord(value)
}

/** A value in the quotes of a POSIX shell. */
export function quotedWord(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
