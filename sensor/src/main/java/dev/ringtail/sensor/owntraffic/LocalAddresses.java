package dev.ringtail.sensor.owntraffic;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// The IP addresses that a host had at one moment, to be asked without allocation. Immutable.
///
/// Two open-addressed hash tables, at most half full; an address is all zeros in a free slot, which
/// no host has.
final class LocalAddresses {
    static final LocalAddresses NONE = new LocalAddresses(Set.of());

    private static final int LOOPBACK_NETWORK = 127;
    private static final int HASH_MULTIPLIER = 0x9e3779b9;

    private final int[] table4;
    private final long[] table6;

    LocalAddresses(Collection<InetAddress> addresses) {
        int capacity = Integer.highestOneBit(addresses.size() + 1) << 2;
        this.table4 = new int[capacity];
        this.table6 = new long[2 * capacity];
        for (InetAddress address : addresses) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            if (address instanceof Inet4Address) {
                add4(bytes.getInt());
            } else {
                add6(bytes.getLong(), bytes.getLong());
            }
        }
    }

    /// The addresses of this process's network namespace.
    ///
    /// @throws SocketException if the kernel does not say
    static LocalAddresses ofThisHost() throws SocketException {
        Set<InetAddress> addresses = new HashSet<>();
        NetworkInterface.networkInterfaces()
                .forEach(i -> i.inetAddresses().forEach(addresses::add));
        return new LocalAddresses(addresses);
    }

    /// @param address as a big-endian number: 10.0.0.1 is 0x0a000001
    boolean contains4(int address) {
        if (address >>> 24 == LOOPBACK_NETWORK) {
            return true; // All of 127.0.0.0/8 is local; only the addresses assigned are listed.
        }
        int mask = table4.length - 1;
        for (int slot = hash(address) & mask; table4[slot] != 0; slot = slot + 1 & mask) {
            if (table4[slot] == address) {
                return true;
            }
        }
        return false;
    }

    /// @param high the first 8 bytes as a big-endian number
    /// @param low the last 8 bytes
    boolean contains6(long high, long low) {
        int mask = table6.length / 2 - 1;
        int slot = hash(high, low) & mask;
        while ((table6[2 * slot] | table6[2 * slot + 1]) != 0) {
            if (table6[2 * slot] == high && table6[2 * slot + 1] == low) {
                return true;
            }
            slot = slot + 1 & mask;
        }
        return false;
    }

    private void add4(int address) {
        int mask = table4.length - 1;
        int slot = hash(address) & mask;
        while (table4[slot] != 0) {
            slot = slot + 1 & mask;
        }
        table4[slot] = address;
    }

    private void add6(long high, long low) {
        int mask = table6.length / 2 - 1;
        int slot = hash(high, low) & mask;
        while ((table6[2 * slot] | table6[2 * slot + 1]) != 0) {
            slot = slot + 1 & mask;
        }
        table6[2 * slot] = high;
        table6[2 * slot + 1] = low;
    }

    private static int hash(int address) {
        int mixed = address * HASH_MULTIPLIER;
        return mixed ^ mixed >>> 16;
    }

    private static int hash(long high, long low) {
        long folded = high * 31 + low;
        return hash((int) (folded ^ folded >>> 32));
    }
}
