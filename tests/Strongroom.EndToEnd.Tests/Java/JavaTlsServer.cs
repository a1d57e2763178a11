using System.Diagnostics;
using System.Globalization;
using System.Text;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Java;

/// <summary>A TLS server in a page of Java whose key manager is the token.</summary>
internal sealed class JavaTlsServer : IDisposable
{
    private const string Source = """
        import java.io.*;
        import java.security.*;
        import javax.net.ssl.*;

        public class Server {
            public static void main(String[] args) throws Exception {
                Provider provider = Security.getProvider("SunPKCS11").configure(args[0]);
                Security.addProvider(provider);
                KeyStore store = KeyStore.getInstance("PKCS11", provider);
                store.load(null, System.getenv("STRONGROOM_PIN").toCharArray());
                KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
                factory.init(store, null);
                X509KeyManager keys = (X509KeyManager) factory.getKeyManagers()[0];
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] { new OneKey(keys, args[1]) }, null, null);
                SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress());
                System.out.println("port " + socket.getLocalPort());
                while (true) {
                    try (SSLSocket client = (SSLSocket) socket.accept()) {
                        BufferedReader reader = new BufferedReader(new InputStreamReader(client.getInputStream()));
                        while (!reader.readLine().isEmpty()) { }
                        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\njava".getBytes());
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                }
            }

            // Serves with one of the token's keys, whatever others there are.
            static class OneKey extends X509ExtendedKeyManager {
                private final X509KeyManager keys;
                private final String alias;

                OneKey(X509KeyManager keys, String alias) { this.keys = keys; this.alias = alias; }

                public String chooseServerAlias(String type, Principal[] issuers, java.net.Socket socket) {
                    return keys.getPrivateKey(alias).getAlgorithm().equals(type) ? alias : null;
                }

                public String[] getServerAliases(String type, Principal[] issuers) { return new String[] { alias }; }
                public String[] getClientAliases(String type, Principal[] issuers) { return null; }
                public String chooseClientAlias(String[] types, Principal[] issuers, java.net.Socket socket) { return null; }
                public java.security.cert.X509Certificate[] getCertificateChain(String name) { return keys.getCertificateChain(name); }
                public PrivateKey getPrivateKey(String name) { return keys.getPrivateKey(name); }
            }
        }

        """;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public JavaTlsServer(Scratch scratch, JavaConfiguration java, QuickstartDeployment deployment, string alias)
    {
        var source = scratch.Write("Server.java", Source);
        var start = new ProcessStartInfo("java", [source, java.File, alias]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in deployment.Variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Waiting.Until(() => Output.Contains("port ", StringComparison.Ordinal) || _process.HasExited, "the Java server listens", TimeSpan.FromSeconds(60));
        Assert.False(_process.HasExited, Output);
        Port = int.Parse(Output.Split("port ")[1].Split('\n')[0], CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
