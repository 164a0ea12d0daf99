/** A notice for operators that is no error of the program. Its message is one line, which is reported without a stack. */
export class Notice extends Error {
  override readonly name = 'Notice'
}
