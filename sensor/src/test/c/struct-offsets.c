/* Prints the layout of the kernel's structs that the sensor uses, as the C compiler has it.
 * cc struct-offsets.c -o struct-offsets && ./struct-offsets > ../resources/dev/ringtail/sensor/linux/struct-offsets.txt
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>

#define SIZE(s) printf("%s sizeof %zu\n", #s, sizeof(struct s))
#define AT(s, m) printf("%s %s %zu\n", #s, #m, offsetof(struct s, m))
#define AS(s, name, m) printf("%s %s %zu\n", #s, #name, offsetof(struct s, m))

int main(void) {
  SIZE(tpacket_req);
  AT(tpacket_req, tp_block_size);
  AT(tpacket_req, tp_block_nr);
  AT(tpacket_req, tp_frame_size);
  AT(tpacket_req, tp_frame_nr);
  SIZE(tpacket_req3);
  AT(tpacket_req3, tp_block_size);
  AT(tpacket_req3, tp_block_nr);
  AT(tpacket_req3, tp_frame_size);
  AT(tpacket_req3, tp_frame_nr);
  AT(tpacket_req3, tp_retire_blk_tov);
  AT(tpacket_req3, tp_sizeof_priv);
  AT(tpacket_req3, tp_feature_req_word);
  SIZE(tpacket_stats_v3);
  AT(tpacket_stats_v3, tp_packets);
  AT(tpacket_stats_v3, tp_drops);
  AT(tpacket_stats_v3, tp_freeze_q_cnt);
  SIZE(tpacket_rollover_stats);
  AT(tpacket_rollover_stats, tp_all);
  AT(tpacket_rollover_stats, tp_huge);
  AT(tpacket_rollover_stats, tp_failed);
  SIZE(tpacket_block_desc);
  AT(tpacket_block_desc, version);
  AT(tpacket_block_desc, offset_to_priv);
  AS(tpacket_block_desc, block_status, hdr.bh1.block_status);
  AS(tpacket_block_desc, num_pkts, hdr.bh1.num_pkts);
  AS(tpacket_block_desc, offset_to_first_pkt, hdr.bh1.offset_to_first_pkt);
  AS(tpacket_block_desc, blk_len, hdr.bh1.blk_len);
  AS(tpacket_block_desc, seq_num, hdr.bh1.seq_num);
  AS(tpacket_block_desc, ts_first_pkt, hdr.bh1.ts_first_pkt);
  AS(tpacket_block_desc, ts_last_pkt, hdr.bh1.ts_last_pkt);
  SIZE(tpacket3_hdr);
  AT(tpacket3_hdr, tp_next_offset);
  AT(tpacket3_hdr, tp_sec);
  AT(tpacket3_hdr, tp_nsec);
  AT(tpacket3_hdr, tp_snaplen);
  AT(tpacket3_hdr, tp_len);
  AT(tpacket3_hdr, tp_status);
  AT(tpacket3_hdr, tp_mac);
  AT(tpacket3_hdr, tp_net);
  AS(tpacket3_hdr, tp_rxhash, hv1.tp_rxhash);
  AS(tpacket3_hdr, tp_vlan_tci, hv1.tp_vlan_tci);
  AS(tpacket3_hdr, tp_vlan_tpid, hv1.tp_vlan_tpid);
  AS(tpacket3_hdr, tp_padding, hv1.tp_padding);
  AS(tpacket3_hdr, tp_padding_end, tp_padding);
  SIZE(tpacket2_hdr);
  AT(tpacket2_hdr, tp_status);
  AT(tpacket2_hdr, tp_len);
  AT(tpacket2_hdr, tp_snaplen);
  AT(tpacket2_hdr, tp_mac);
  AT(tpacket2_hdr, tp_net);
  AT(tpacket2_hdr, tp_sec);
  AT(tpacket2_hdr, tp_nsec);
  AT(tpacket2_hdr, tp_vlan_tci);
  AT(tpacket2_hdr, tp_vlan_tpid);
  AT(tpacket2_hdr, tp_padding);
  SIZE(sockaddr_ll);
  AT(sockaddr_ll, sll_family);
  AT(sockaddr_ll, sll_protocol);
  AT(sockaddr_ll, sll_ifindex);
  AT(sockaddr_ll, sll_hatype);
  AT(sockaddr_ll, sll_pkttype);
  AT(sockaddr_ll, sll_halen);
  AT(sockaddr_ll, sll_addr);
  SIZE(packet_mreq);
  AT(packet_mreq, mr_ifindex);
  AT(packet_mreq, mr_type);
  AT(packet_mreq, mr_alen);
  AT(packet_mreq, mr_address);
  SIZE(sock_filter);
  AT(sock_filter, code);
  AT(sock_filter, jt);
  AT(sock_filter, jf);
  AT(sock_filter, k);
  SIZE(sock_fprog);
  AT(sock_fprog, len);
  AT(sock_fprog, filter);
  SIZE(sockaddr_in);
  AT(sockaddr_in, sin_family);
  AT(sockaddr_in, sin_port);
  AT(sockaddr_in, sin_addr);
  SIZE(sockaddr_in6);
  AT(sockaddr_in6, sin6_family);
  AT(sockaddr_in6, sin6_port);
  AT(sockaddr_in6, sin6_flowinfo);
  AT(sockaddr_in6, sin6_addr);
  AT(sockaddr_in6, sin6_scope_id);
  SIZE(iovec);
  AT(iovec, iov_base);
  AT(iovec, iov_len);
  SIZE(mmsghdr);
  AS(mmsghdr, msg_name, msg_hdr.msg_name);
  AS(mmsghdr, msg_namelen, msg_hdr.msg_namelen);
  AS(mmsghdr, msg_iov, msg_hdr.msg_iov);
  AS(mmsghdr, msg_iovlen, msg_hdr.msg_iovlen);
  AS(mmsghdr, msg_control, msg_hdr.msg_control);
  AS(mmsghdr, msg_controllen, msg_hdr.msg_controllen);
  AS(mmsghdr, msg_flags, msg_hdr.msg_flags);
  AT(mmsghdr, msg_len);
  SIZE(pollfd);
  AT(pollfd, fd);
  AT(pollfd, events);
  AT(pollfd, revents);
  SIZE(ifreq);
  AS(ifreq, ifr_name, ifr_ifrn);
  AS(ifreq, ifr_ifindex, ifr_ifru);
  SIZE(sockaddr_nl);
  AT(sockaddr_nl, nl_family);
  AT(sockaddr_nl, nl_pad);
  AT(sockaddr_nl, nl_pid);
  AT(sockaddr_nl, nl_groups);
  SIZE(nlmsghdr);
  AT(nlmsghdr, nlmsg_len);
  AT(nlmsghdr, nlmsg_type);
  AT(nlmsghdr, nlmsg_flags);
  AT(nlmsghdr, nlmsg_seq);
  AT(nlmsghdr, nlmsg_pid);
  SIZE(ifinfomsg);
  AT(ifinfomsg, ifi_family);
  AT(ifinfomsg, ifi_type);
  AT(ifinfomsg, ifi_index);
  AT(ifinfomsg, ifi_flags);
  AT(ifinfomsg, ifi_change);
  SIZE(rtattr);
  AT(rtattr, rta_len);
  AT(rtattr, rta_type);
  SIZE(if_stats_msg);
  AT(if_stats_msg, family);
  AT(if_stats_msg, pad1);
  AT(if_stats_msg, pad2);
  AT(if_stats_msg, ifindex);
  AT(if_stats_msg, filter_mask);
  SIZE(rtnl_link_stats64);
  AT(rtnl_link_stats64, rx_dropped);
  AT(rtnl_link_stats64, rx_fifo_errors);
  AT(rtnl_link_stats64, rx_missed_errors);
  SIZE(__user_cap_header_struct);
  AT(__user_cap_header_struct, version);
  AT(__user_cap_header_struct, pid);
  SIZE(__user_cap_data_struct);
  AT(__user_cap_data_struct, effective);
  AT(__user_cap_data_struct, permitted);
  AT(__user_cap_data_struct, inheritable);
  SIZE(ethtool_value);
  AT(ethtool_value, cmd);
  AT(ethtool_value, data);
  SIZE(ethtool_drvinfo);
  AT(ethtool_drvinfo, cmd);
  AT(ethtool_drvinfo, driver);
  AT(ethtool_drvinfo, version);
  AT(ethtool_drvinfo, fw_version);
  AT(ethtool_drvinfo, bus_info);
  AT(ethtool_drvinfo, erom_version);
  AT(ethtool_drvinfo, reserved2);
  AT(ethtool_drvinfo, n_priv_flags);
  AT(ethtool_drvinfo, n_stats);
  AT(ethtool_drvinfo, testinfo_len);
  AT(ethtool_drvinfo, eedump_len);
  AT(ethtool_drvinfo, regdump_len);
  SIZE(ethtool_channels);
  AT(ethtool_channels, cmd);
  AT(ethtool_channels, max_rx);
  AT(ethtool_channels, max_tx);
  AT(ethtool_channels, max_other);
  AT(ethtool_channels, max_combined);
  AT(ethtool_channels, rx_count);
  AT(ethtool_channels, tx_count);
  AT(ethtool_channels, other_count);
  AT(ethtool_channels, combined_count);
  SIZE(ethtool_ts_info);
  AT(ethtool_ts_info, cmd);
  AT(ethtool_ts_info, so_timestamping);
  AT(ethtool_ts_info, phc_index);
  AT(ethtool_ts_info, tx_types);
  AT(ethtool_ts_info, tx_reserved);
  AT(ethtool_ts_info, rx_filters);
  AT(ethtool_ts_info, rx_reserved);
  SIZE(hwtstamp_config);
  AT(hwtstamp_config, flags);
  AT(hwtstamp_config, tx_type);
  AT(hwtstamp_config, rx_filter);
  return 0;
}
