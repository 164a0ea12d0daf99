/** What an operator must know and no error of the program is. Its message is one line, which is reported without a stack. */
export class Notice extends Error {
  override readonly name = 'Notice'
}
