/** EC2 stores instants in whole seconds and writes them with `.000Z`. */
export function wholeSecond(milliseconds: number): number {
  return milliseconds - (milliseconds % 1000)
}
