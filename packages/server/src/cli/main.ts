import { runProgram } from './program.ts'

// a reader of the pipe may stop reading: that is no failure, and the exit code stays
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

await runProgram()
