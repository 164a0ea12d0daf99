import type { Dependencies } from '../authorization/index.ts'
import { atFirstCall, type HttpRequest, type HttpResponse } from '../base/index.ts'
import type { SignIn } from '../services/signin/index.ts'

/** Returns the sign-in, whose code is read when it is first asked for. */
export function signInOf(deps: Dependencies): () => Promise<SignIn> {
  return atFirstCall(async () => {
    const [{ SignIn }, { drawnMask }] = await Promise.all([
      import('../services/signin/index.ts'),
      import('./masks.ts'),
    ])
    return new SignIn(deps, deps.perform, drawnMask(deps))
  })
}

/** Answers a request for the sign-in. */
export async function answerSignIn(
  signIn: () => Promise<SignIn>,
  request: HttpRequest,
): Promise<HttpResponse> {
  return (await signIn()).answer(request)
}
