#!/usr/bin/env -S node --disable-sigusr1
// Plain JavaScript, so that the compile cache is on before the first TypeScript is read: what was stripped and
// compiled once is not stripped and compiled again, which halves the start and saves the stripper's memory.
//
// No signal may open Node's inspector: whoever can send one could otherwise run code in the server. The flag above
// does it from the first moment; a listener does it where Node was started without the flag.
import { enableCompileCache, getCompileCacheDir } from 'node:module'

process.on('SIGUSR1', () => {})
enableCompileCache()
process.env.NODE_COMPILE_CACHE ??= getCompileCacheDir() // threads read it when they start
await import('omen-iam/cli')
