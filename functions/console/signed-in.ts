/** Who acts on the console. */
import * as z from 'zod'

/** What API Gateway vouches for: an OIDC claim, or the IAM caller. */
const SignedIn = z.object({
  requestContext: z.object({
    authorizer: z.object({
      jwt: z.object({ claims: z.object({ email: z.string() }) }).optional(),
      iam: z.object({ userArn: z.string() }).optional(),
    }),
  }),
})

/** Who is signed in, from Hono's Lambda bindings; `console` where nobody vouches (the local cloud). */
export function signedIn(env: unknown): string {
  const parsed = SignedIn.safeParse(z.object({ event: z.unknown() }).safeParse(env).data?.event)
  return parsed.success
    ? (parsed.data.requestContext.authorizer.jwt?.claims.email ??
        parsed.data.requestContext.authorizer.iam?.userArn ??
        'console')
    : 'console'
}
