import type { SnippetValues } from './snippets';

/** Swift that attests an iOS app with App Attest, without any library. */
export function swiftSnippet({ appId, appName, serviceUrl }: SnippetValues): string {
  return `import CryptoKit
import DeviceCheck
import Foundation

/// Attests ${singleLine(appName)} with Countersign. Keep one instance.
actor Countersign {
    private let base = URL(string: "${serviceUrl}")!
    private let appId = "${appId}"
    private let service = DCAppAttestService.shared
    // Goes with the installation, as the key itself does.
    private let store = UserDefaults.standard

    struct Attestation: Decodable {
        let token: String          // send it as the header Attestation-Token
        let refreshAfter: String   // attest again then
        let status: String         // trusted, flagged or restricted
        let instanceId: String
    }

    /// Enrols the first time and attests from then on. \`signals\`: what your runtime checks found, true for found.
    func attest(signals: [String: Bool]) async throws -> Attestation {
        let clientData = try await makeClientData(signals)
        let hash = Data(SHA256.hash(data: clientData))
        if let keyId = store.string(forKey: "countersign.keyId"),
           let instanceId = store.string(forKey: "countersign.instanceId") {
            let assertion = try await service.generateAssertion(keyId, clientDataHash: hash)
            return try await post("v1/attestations", [
                "instanceId": instanceId,
                "clientData": base64url(clientData),
                "assertion": base64url(assertion),
            ])
        }
        let keyId = try await service.generateKey()
        let object = try await service.attestKey(keyId, clientDataHash: hash)
        let attestation: Attestation = try await post("v1/instances", [
            "clientData": base64url(clientData),
            "evidence": [
                "format": "apple-app-attest",
                "keyId": base64url(Data(base64Encoded: keyId)!),
                "attestationObject": base64url(object),
            ],
        ])
        store.set(keyId, forKey: "countersign.keyId")
        store.set(attestation.instanceId, forKey: "countersign.instanceId")
        return attestation
    }

    private func makeClientData(_ signals: [String: Bool]) async throws -> Data {
        struct Challenge: Decodable { let challenge: String }
        let answer: Challenge = try await post("v1/challenges", ["appId": appId])
        let os = ProcessInfo.processInfo.operatingSystemVersion
        return try JSONSerialization.data(withJSONObject: [
            "challenge": answer.challenge,
            "appId": appId,
            "platform": "ios",
            "appVersion": Bundle.main.infoDictionary?["CFBundleShortVersionString"] as? String ?? "unknown",
            "osVersion": "\\(os.majorVersion).\\(os.minorVersion)",
            "model": deviceModel(),
            "sdkVersion": "guide-1",
            // Of the signed configuration that you enforce, once you pin certificates.
            "configVersion": 0,
            "signals": signals,
        ])
    }

    private func deviceModel() -> String {
        var system = utsname()
        uname(&system)
        return withUnsafeBytes(of: &system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func post<Answer: Decodable>(_ path: String, _ body: [String: Any]) async throws -> Answer {
        var request = URLRequest(url: base.appendingPathComponent(path))
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONSerialization.data(withJSONObject: body)
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw Refused(status: status, problem: data) }
        return try JSONDecoder().decode(Answer.self, from: data)
    }

    /// \`problem\` holds the \`reference\` that your support looks up in the console.
    struct Refused: Error { let status: Int; let problem: Data }

    private func base64url(_ data: Data) -> String {
        data.base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
`;
}

/** Kotlin that attests an Android app with key attestation, without any library. */
export function kotlinSnippet({ appId, appName, serviceUrl }: SnippetValues): string {
  return `import android.content.Context
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import org.json.JSONArray
import org.json.JSONObject
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.MessageDigest
import java.security.PrivateKey
import java.security.Signature
import java.security.spec.ECGenParameterSpec

/** Attests ${singleLine(appName).replaceAll('*/', '* /')} with Countersign. Call it off the main thread. */
class Countersign(private val context: Context) {
    private val base = "${serviceUrl}"
    private val appId = "${appId}"
    private val alias = "countersign"
    private val keyStore = KeyStore.getInstance("AndroidKeyStore").apply { load(null) }
    private val store = context.getSharedPreferences("countersign", Context.MODE_PRIVATE)

    /**
     * Enrols the first time and attests from then on. \`signals\`: what your runtime checks found, true for found.
     * The answer has \`token\` (send it as the header Attestation-Token), \`status\` and \`refreshAfter\`.
     */
    fun attest(signals: Map<String, Boolean>): JSONObject {
        val clientData = clientData(signals)
        val body = JSONObject().put("clientData", base64url(clientData))
        val instanceId = store.getString("instanceId", null)
        if (instanceId != null && keyStore.containsAlias(alias)) {
            body.put("instanceId", instanceId).put("assertion", base64url(sign(clientData)))
            return post("/v1/attestations", body)
        }
        val chain = JSONArray(newKey(clientData).map { base64url(it) })
        val evidence = JSONObject().put("format", "android-key-attestation").put("certificateChain", chain)
        val answer = post("/v1/instances", body.put("evidence", evidence))
        store.edit().putString("instanceId", answer.getString("instanceId")).apply()
        return answer
    }

    /** A key whose hardware attests the hash of exactly these bytes; the chain that says so, leaf first. */
    private fun newKey(clientData: ByteArray): List<ByteArray> {
        val spec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)
            .setAttestationChallenge(MessageDigest.getInstance("SHA-256").digest(clientData))
            .build()
        KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, "AndroidKeyStore").run {
            initialize(spec)
            generateKeyPair()
        }
        return keyStore.getCertificateChain(alias).map { it.encoded }
    }

    private fun sign(clientData: ByteArray): ByteArray = Signature.getInstance("SHA256withECDSA").run {
        initSign(keyStore.getKey(alias, null) as PrivateKey)
        update(clientData)
        sign()
    }

    private fun clientData(signals: Map<String, Boolean>): ByteArray {
        val challenge = post("/v1/challenges", JSONObject().put("appId", appId)).getString("challenge")
        return JSONObject()
            .put("challenge", challenge)
            .put("appId", appId)
            .put("platform", "android")
            .put("appVersion", context.packageManager.getPackageInfo(context.packageName, 0).versionName)
            .put("osVersion", Build.VERSION.RELEASE)
            .put("model", Build.MODEL)
            .put("sdkVersion", "guide-1")
            // Of the signed configuration that you enforce, once you pin certificates.
            .put("configVersion", 0)
            .put("signals", JSONObject(signals))
            .toString()
            .toByteArray()
    }

    private fun post(path: String, body: JSONObject): JSONObject {
        val connection = URL(base + path).openConnection() as HttpURLConnection
        connection.doOutput = true
        connection.setRequestProperty("Content-Type", "application/json")
        connection.outputStream.use { it.write(body.toString().toByteArray()) }
        val isGood = connection.responseCode in 200..299
        val stream = if (isGood) connection.inputStream else connection.errorStream
        val text = stream?.bufferedReader()?.readText().orEmpty()
        // A refusal holds the \`reference\` that your support looks up in the console.
        if (!isGood) throw IOException("Countersign answered \${connection.responseCode}: $text")
        return JSONObject(text)
    }

    private fun base64url(bytes: ByteArray): String =
        Base64.encodeToString(bytes, Base64.URL_SAFE or Base64.NO_PADDING or Base64.NO_WRAP)
}
`;
}

/** A name that cannot end a comment of one line. */
function singleLine(name: string): string {
  return name.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');
}
