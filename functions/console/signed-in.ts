/** Who acts on the console. */
import * as z from 'zod'

/** What API Gateway has verified: claims of an OIDC token, or the IAM caller. */
const SignedIn = z.object({
  requestContext: z.object({
    authorizer: z.object({
      jwt: z
        .object({
          claims: z.object({ email: z.string(), email_verified: z.union([z.boolean(), z.string()]).optional() }),
        })
        .optional(),
      iam: z.object({ userArn: z.string() }).optional(),
    }),
  }),
})

function vouchedFor(env: unknown) {
  const event = z.object({ event: z.unknown() }).safeParse(env).data?.event
  return SignedIn.safeParse(event).data?.requestContext.authorizer
}

/** Who is signed in, from Hono's Lambda bindings; `console` where nothing is verified (the local cloud). */
export function signedIn(env: unknown): string {
  const authorizer = vouchedFor(env)
  return authorizer?.jwt?.claims.email ?? authorizer?.iam?.userArn ?? 'console'
}

/**
 * The address with which a signed-in person may vote; undefined unless a token proves it.
 *
 * An address that the issuer did not verify could be anyone's: `email_verified` must be true.
 */
export function sessionAddress(env: unknown): string | undefined {
  const claims = vouchedFor(env)?.jwt?.claims
  return claims !== undefined && String(claims.email_verified) === 'true' ? claims.email : undefined
}
