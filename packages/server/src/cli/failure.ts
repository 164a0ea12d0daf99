/** Exit codes: the AWS CLI's own, 1 for the answer no, and a shell's code for a command that cannot be run. */
export const exitCodes = {
  no: 1,
  undecided: 3,
  notExecutable: 126,
  notFound: 127,
  interrupted: 130,
  badSyntax: 252,
  badConfiguration: 253,
  serviceError: 254,
  other: 255,
} as const

/** The end of a command: one clear line for the terminal, and the exit code. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure'
  readonly exitCode: number
  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The server answered with a fault. */
export class ServiceRefusal extends CommandFailure {
  override readonly name = 'ServiceRefusal'
  readonly code: string
  constructor(code: string, message: string) {
    super(message, exitCodes.serviceError)
    this.code = code
  }
}

/** A mistake in the command line. */
export function badSyntax(message: string): CommandFailure {
  return new CommandFailure(message, exitCodes.badSyntax)
}

/** A mistake in the environment, the home or a file. */
export function badConfiguration(message: string): CommandFailure {
  return new CommandFailure(message, exitCodes.badConfiguration)
}
